import { Menu } from '@mantine/core';
import { Fragment } from 'react';

export interface Option {
  key: string;
  label: string;
  chosen: boolean;
  choose: () => void;
}

interface SelectProps {
  /** What the control decides: "Month". */
  name: string;
  value: string;
  /** Groups are parted by a rule. */
  groups: { label?: string; options: Option[] }[];
}

// The chosen item is bold and coloured; a mark would shift the words.
const noIcon = <></>;

/** A control of the header: its name, its value and a menu of the choices. */
export function Select({ name, value, groups }: SelectProps) {
  return (
    <Menu
      position="bottom-start"
      offset={4}
      returnFocus
      // Inside the page, so that it belongs to a landmark; without a placeholder that is no item.
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <button type="button" className="select">
          <span className="name">{name}</span>
          <span className="cut">{value}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown className="overlay-box menu" aria-label={name}>
        {groups.map((group, index) => (
          <Fragment key={group.label ?? index}>
            {index > 0 && <hr className="menu-rule" />}
            {group.label !== undefined && (
              <Menu.Label className="menu-label">{group.label}</Menu.Label>
            )}
            {group.options.map((option) => (
              <Menu.RadioItem
                key={option.key}
                value={option.key}
                className="menu-item"
                checked={option.chosen}
                checkIcon={noIcon}
                closeMenuOnClick
                onChange={option.choose}
              >
                {option.label}
              </Menu.RadioItem>
            ))}
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
